"""The side of Hugging Face Transformers of the workloads generate-gpt2 and generate-t5-small: prints one JSON line as GenerateRun.cs does.

usage: generate.py WORKLOAD [--steps NEW_TOKENS] [--shared FOLDER]"""
import argparse, json, os, time

parser = argparse.ArgumentParser()
parser.add_argument("workload", choices=["generate-gpt2", "generate-t5-small"])
parser.add_argument("--steps", type=int, default=128)
parser.add_argument("--shared", default=os.environ.get("HFTRAINER_SHARED", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared")))
args = parser.parse_args()

import torch, transformers

transformers.logging.set_verbosity_error()
name = {"generate-gpt2": "lm-gpt2", "generate-t5-small": "seq2seq-t5-small"}[args.workload]
workload = json.load(open(os.path.join(args.shared, "bench", "workloads.json")))[name]
torch.manual_seed(42)
fields = dict(workload["config"])
config = transformers.AutoConfig.for_model(fields.pop("model_type"), **fields)
auto = transformers.AutoModelForCausalLM if workload["task"] == "causal-lm" else transformers.AutoModelForSeq2SeqLM
model = auto.from_config(config).eval()
model.generation_config = transformers.GenerationConfig(max_new_tokens=args.steps, pad_token_id=0, decoder_start_token_id=0)
report = {"side": "hf-transformers", "workload": args.workload, "threads": torch.get_num_threads(), "new_tokens": args.steps}
for batch in (1, 8):
    times = []
    for _ in range(4):
        ids = torch.randint(10, 1000, (batch, 32))
        start = time.perf_counter()
        model.generate(ids, attention_mask=torch.ones_like(ids))
        times.append(time.perf_counter() - start)
    report[f"tokens_per_second_{batch}"] = batch * args.steps / min(times[1:])
print(json.dumps(report))
