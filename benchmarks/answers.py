"""The side of the Hugging Face Trainer of the workload answers-minilm: prints one JSON line as AnswersRun.cs does.

usage: answers.py [--steps N] [--shared FOLDER]"""
import argparse, collections, gzip, json, os, re, string, tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=100)
parser.add_argument("--shared", default=os.environ.get("HFTRAINER_SHARED", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared")))
args = parser.parse_args()
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy, torch, transformers

TRAIN, EVALUATED, MAX_LENGTH, STRIDE, BATCH, BEST, LONGEST = 800, 300, 192, 64, 8, 20, 30
transformers.logging.set_verbosity_error()
folder = os.path.join(args.shared, "models", "minilm-l6")
tokenizer = transformers.AutoTokenizer.from_pretrained(folder)


def read(part, limit):
    with gzip.open(os.path.join(args.shared, "data", "squad", part + ".json.gz"), "rt", encoding="utf-8") as file:
        data = json.load(file)["data"]
    rows = [(asked["question"].lstrip(), paragraph["context"], asked["answers"]) for article in data for paragraph in article["paragraphs"] for asked in paragraph["qas"]]
    return rows[:limit]


def windows(question, context):
    found = tokenizer(question, context, truncation="only_second", max_length=MAX_LENGTH, stride=STRIDE, return_overflowing_tokens=True, return_offsets_mapping=True)
    for i in range(len(found["input_ids"])):
        inputs = {name: found[name][i] for name in ("input_ids", "attention_mask", "token_type_ids")}
        yield inputs, [offset if sequence == 1 else None for offset, sequence in zip(found["offset_mapping"][i], found.sequence_ids(i))]


def place(offsets, answer):
    start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
    inside = [i for i, offset in enumerate(offsets) if offset is not None]
    if not inside or offsets[inside[0]][0] > start or offsets[inside[-1]][1] < end:
        return 0, 0
    return max(i for i in inside if offsets[i][0] <= start), min(i for i in inside if offsets[i][1] >= end)


train = []
for question, context, answers in read("train", TRAIN):
    for inputs, offsets in windows(question, context):
        inputs["start_positions"], inputs["end_positions"] = place(offsets, answers[0])
        train.append(inputs)
rows = read("dev", EVALUATED)
test = [(row, inputs, offsets) for row, (question, context, _) in enumerate(rows) for inputs, offsets in windows(question, context)]

transformers.set_seed(42)
model = transformers.AutoModelForQuestionAnswering.from_pretrained(folder, dtype=torch.float32)
trainer = transformers.Trainer(
    model=model,
    args=transformers.TrainingArguments(
        output_dir=tempfile.mkdtemp(), max_steps=args.steps, per_device_train_batch_size=BATCH, learning_rate=2e-4, logging_steps=10, save_strategy="no", report_to="none", disable_tqdm=True,
        use_cpu=True, seed=42, dataloader_pin_memory=False),
    train_dataset=train, data_collator=transformers.DataCollatorWithPadding(tokenizer))
trainer.remove_callback(transformers.PrinterCallback)
seconds = trainer.train().metrics["train_runtime"]
starts, ends = trainer.predict([inputs for _, inputs, _ in test]).predictions
candidates = collections.defaultdict(list)
for (row, _, offsets), start_scores, end_scores in zip(test, starts, ends):
    # Without the scores of padding.
    start_scores, end_scores = start_scores[:len(offsets)], end_scores[:len(offsets)]
    for start in numpy.argsort(start_scores)[: -BEST - 1 : -1]:
        for end in numpy.argsort(end_scores)[: -BEST - 1 : -1]:
            if offsets[start] is not None and offsets[end] is not None and start <= end < start + LONGEST:
                candidates[row].append((start_scores[start] + end_scores[end], offsets[start][0], offsets[end][1]))


def words(text):
    return re.sub(r"\b(a|an|the)\b", " ", "".join(c for c in text.lower() if c not in string.punctuation)).split()


def f1(found, right):
    shared = sum((collections.Counter(found) & collections.Counter(right)).values())
    return 2 * shared / (len(found) + len(right)) if shared else 0


exact = score = 0
for row, (_, context, answers) in enumerate(rows):
    _, start, end = max(candidates[row], key=lambda candidate: candidate[0])
    found = words(context[start:end])
    exact += any(found == words(answer["text"]) for answer in answers)
    score += max(f1(found, words(answer["text"])) for answer in answers)
print(json.dumps({
    "side": "hf-trainer", "workload": "answers-minilm", "train_s": seconds, "losses": [record["loss"] for record in trainer.state.log_history if "loss" in record],
    "exact_match": 100 * exact / len(rows), "f1": 100 * score / len(rows)}))
