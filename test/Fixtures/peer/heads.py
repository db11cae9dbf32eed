"""Says which heads the original has for architectures, and the names of their classes.

Reads a list of model types from standard input; writes an object of {head: class} by model type to standard output. Ends with 3 where the original is not to be
had.
"""
import json
import sys

try:
    from transformers.models.auto import modeling_auto
except Exception as failure:
    print(failure, file=sys.stderr)
    sys.exit(3)

HEADS = {
    "Base": modeling_auto.MODEL_MAPPING_NAMES,
    "SequenceClassification": modeling_auto.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES,
    "TokenClassification": modeling_auto.MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES,
    "QuestionAnswering": modeling_auto.MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES,
    "MultipleChoice": modeling_auto.MODEL_FOR_MULTIPLE_CHOICE_MAPPING_NAMES,
    "MaskedLM": modeling_auto.MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    "CausalLM": modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    "Seq2SeqLM": modeling_auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
}

print(json.dumps({kind: {head: names[kind] for head, names in HEADS.items() if kind in names} for kind in json.load(sys.stdin)}))
