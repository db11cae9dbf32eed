"""The side of the Hugging Face Trainer of the workload entities-minilm: prints one JSON line as EntitiesRun.cs does.

usage: entities.py [--steps N] [--shared FOLDER]"""
import argparse, json, os, tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=200)
parser.add_argument("--shared", default=os.environ.get("HFTRAINER_SHARED", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared")))
args = parser.parse_args()
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch, transformers

BATCH = 16
transformers.logging.set_verbosity_error()
folder = os.path.join(args.shared, "models", "minilm-l6")
tokenizer = transformers.AutoTokenizer.from_pretrained(folder)


def read(part):
    sentences, lines = [], []
    with open(os.path.join(args.shared, "data", "wnut17", part + ".conll"), encoding="utf-8") as file:
        for line in [*file, ""]:
            if line.strip():
                lines.append(line.rstrip("\n").split("\t"))
            elif lines:
                sentences.append(lines)
                lines = []
    return sentences


train, dev = read("train"), read("dev")
tags = sorted({tag for sentence in train for _, tag in sentence})


def encode(sentence):
    found = tokenizer([word for word, _ in sentence], is_split_into_words=True)
    words = found.word_ids()
    labels = [-100 if word is None or word == before else tags.index(sentence[word][1]) for before, word in zip([None, *words], words)]
    return {**{name: found[name] for name in ("input_ids", "attention_mask", "token_type_ids")}, "labels": labels}


# An entity begins at B, and at I after O or after another type.
def entities(sequence):
    found, start, kind = set(), None, None
    for i, tag in enumerate([*sequence, "O"]):
        prefix, _, own = tag.partition("-")
        if kind is not None and (prefix != "I" or own != kind):
            found.add((kind, start, i))
            kind = None
        if kind is None and prefix != "O":
            start, kind = i, own
    return found


transformers.set_seed(42)
model = transformers.AutoModelForTokenClassification.from_pretrained(folder, dtype=torch.float32, num_labels=len(tags))
test = [encode(sentence) for sentence in dev]
trainer = transformers.Trainer(
    model=model,
    args=transformers.TrainingArguments(
        output_dir=tempfile.mkdtemp(), max_steps=args.steps, per_device_train_batch_size=BATCH, per_device_eval_batch_size=32, learning_rate=2e-4, logging_steps=20, save_strategy="no",
        report_to="none", disable_tqdm=True, use_cpu=True, seed=42, dataloader_pin_memory=False),
    train_dataset=[encode(sentence) for sentence in train], data_collator=transformers.DataCollatorForTokenClassification(tokenizer))
trainer.remove_callback(transformers.PrinterCallback)
seconds = trainer.train().metrics["train_runtime"]
predictions = trainer.predict(test).predictions.argmax(-1)
right = predicted = actual = 0
for example, row in zip(test, predictions):
    pairs = [(tags[label], tags[guess]) for label, guess in zip(example["labels"], row) if label != -100]
    there, found = entities([label for label, _ in pairs]), entities([guess for _, guess in pairs])
    right, predicted, actual = right + len(there & found), predicted + len(found), actual + len(there)
print(json.dumps({
    "side": "hf-trainer", "workload": "entities-minilm", "train_s": seconds, "losses": [record["loss"] for record in trainer.state.log_history if "loss" in record],
    "f1": 2 * right / (predicted + actual)}))
