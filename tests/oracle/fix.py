"""Replays `acl fix`: loads the patched files into the real software, where every range must then get in and nobody
else's fate may change."""

from compare import alike, let_in
from namespaces import Refused
from tool import Failed


def replay(judge, case, number):
    """Fixes the first form of a rule set that can be loaded again; only where all is known."""
    forms = [form for form in case.forms if form.fix]
    if case.opaque or not forms:
        return
    form, tally = forms[0], judge.tally
    folder = judge.folder / f"{number}-fix"
    try:
        answer = judge.tool.fix(folder, form, case.space.ranges, case.ports, case.options)
    except Failed as failure:
        judge.note(tally.broken, case, form, folder, f"no fix: {failure}")
        return
    if answer["outcome"] in ("nothing-to-do", "impossible") or not answer["files"]:
        tally.unfixed += answer["outcome"] != "nothing-to-do"
        return
    patched = {file["name"]: file["text"] for file in answer["files"]}
    files = [(name, patched.get(name, text)) for name, text in form.files]
    for name, text in files:
        (folder / f"fixed-{name}").write_text(text)
    (folder / "fix.json").write_text(str(answer))
    controls = case.space.control_targets(case.ports)
    before = judge.visits(case, controls)
    try:
        judge.section.reload(judge.bench, form, files)
    except Refused as refusal:
        if not loads(judge, form):
            tally.unfixed += 1  # nft's own listings are not always what nft reads
            return
        judge.note(tally.wrong, case, form, folder, f"WRONG FIX the real software refuses it: {refusal}")
        return
    tally.fixes += 1
    visits(judge, case, form, folder, answer, files)
    after = judge.visits(case, controls)
    for target, old, new in zip(controls, before, after):
        if not alike(old, new) and not alike(judge.visits(case, [target], 2.5)[0], old):
            judge.note(
                tally.wrong,
                case,
                form,
                folder,
                f"WRONG FIX changes {target[0]} port {target[1]} from `{old}` to `{new}`",
            )


def loads(judge, form):
    """Whether the software takes the form as it was."""
    try:
        judge.section.reload(judge.bench, form, form.files)
    except Refused:
        return False
    return True


def visits(judge, case, form, folder, answer, files):
    """Every range must get in; where the fix opens only a part, what the program says of the patched files must be
    so."""
    tally = judge.tally
    seen = judge.visits(case, case.targets)
    tally.fix_probes += len(seen)
    if answer["outcome"] == "opened":
        for index, target in enumerate(case.targets):
            if let_in(seen[index]):
                continue
            again = judge.visits(case, [target], 2.5)[0]
            if not let_in(again):
                judge.note(
                    tally.wrong, case, form, folder, f"WRONG FIX leaves {target[0]} port {target[1]} at `{again}`"
                )
        return
    patched = type(form)(f"{form.label} fixed", files, form.format)
    report = judge.tool.check(folder, patched, case.space.ranges, case.ports, case.options)
    judge.compare(case, patched, folder, seen, [report.part(*target) for target in case.targets])
