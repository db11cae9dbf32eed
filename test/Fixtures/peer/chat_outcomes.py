"""Renders the templates of a file such as chat/outcomes.json with the original, and writes what it gives into the file.

The file holds sets of variables and, for each set, templates. A template gets its text and the stretches of it that {% generation %} made, in
UTF-16 units, or the name of its error.
"""
import json
import sys

from transformers.utils.chat_template_utils import _compile_jinja_template as compile_template


def units(text, index):
    # A stretch that was captured may end behind the text.
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2 + max(index - len(text), 0)


def render(template, variables):
    try:
        compiled = compile_template(template)
        blocks, generated = [], []
        with compiled.environment.activate_tracker(blocks, generated):
            for block in compiled.generate(**variables):
                blocks.append(block)
    except Exception as error:
        return {"template": template, "error": type(error).__name__}
    text = "".join(blocks)
    outcome = {"template": template, "text": text}
    if generated:
        outcome["generated"] = [[units(text, start), units(text, end)] for start, end in generated]
    return outcome


def write(path, sets):
    with open(path, "w") as file:
        written = []
        for entry in sets:
            cases = ",\n    ".join(json.dumps(render(case["template"], entry["variables"])) for case in entry["cases"])
            written.append(f'{{ "variables": {json.dumps(entry["variables"])},\n  "cases": [\n    {cases}\n  ] }}')
        file.write('{ "sets": [\n' + ",\n".join(written) + "\n] }\n")


if __name__ == "__main__":
    with open(sys.argv[1]) as given:
        recorded = json.load(given)["sets"]
    write(sys.argv[1], recorded)
