"""The oracle: compares what `scraplens acl check` says with what the real iptables, nft, ufw, nginx, Apache and
HAProxy do; and what `logs`, `reach` and `probe` say with what was really sent to real servers.

    python3 tests/oracle/run.py --bin target/debug/scraplens [--seed N] [--probes 5000] [--only iptables-nft,nginx] [--no-fix]

Needs root and the software itself. Random rule sets and visits are made from a seed, which is printed: the same seed
gives the same ones. Everything happens in network namespaces of this run's own."""

import sys

sys.dont_write_bytecode = True  # nothing is left beside the sources

import argparse
import concurrent.futures
import random
import shutil
import tempfile
import time
import traceback
from pathlib import Path

import namespaces
from fix import replay
from judge import Tally, run_section
from load_apache import Apache
from load_firewalld import Firewalld
from load_haproxy import Haproxy
from load_iptables import Iptables
from load_nft import Nft
from load_nginx import Nginx
from load_policy import Aerleon, Clouds
from load_ufw import Ufw
from proof import Proof
from prove_logs import Logs
from prove_probe import Probe
from prove_reach import Reach
from tool import Tool

# Section, its share of all probes, the programs it needs.
SECTIONS = [
    (lambda: Iptables("iptables-nft", 4, "nft", 110), 1500, ["iptables-nft", "ipset", "nft"]),
    (lambda: Nft("nft", 4, 110), 900, ["nft"]),
    (lambda: Nft("nft-v6", 6, 110), 400, ["nft"]),
    (lambda: Iptables("iptables-legacy", 4, "legacy", 110), 700, ["iptables-legacy", "ipset"]),
    (lambda: Ufw("ufw", 4, 110), 220, ["ufw"]),
    (lambda: Firewalld("firewalld", 4, 90), 180, ["firewall-offline-cmd", "nft"]),
    (lambda: Firewalld("firewalld-v6", 6, 60), 60, ["firewall-offline-cmd", "nft"]),
    (lambda: Iptables("ip6tables-nft", 6, "nft", 90), 300, ["ip6tables-nft", "ipset", "nft"]),
    (lambda: Iptables("ip6tables-legacy", 6, "legacy", 90), 200, ["ip6tables-legacy", "ipset"]),
    (lambda: Ufw("ufw-v6", 6, 90), 90, ["ufw"]),
    (lambda: Nginx("nginx", 4, 90), 900, ["nginx"]),
    (lambda: Nginx("nginx-v6", 6, 60), 240, ["nginx"]),
    (lambda: Apache("apache", 4, 90), 540, ["apache2"]),
    (lambda: Apache("apache-v6", 6, 60), 120, ["apache2"]),
    (lambda: Haproxy("haproxy", 4, 90), 540, ["haproxy"]),
    (lambda: Clouds("clouds", 4, 90), 360, ["iptables-nft", "nft"]),
    (lambda: Clouds("clouds-v6", 6, 60), 120, ["ip6tables-nft", "nft"]),
    (lambda: Aerleon("aerleon", 4, 90), 270, ["iptables-nft", "nft"]),
    (lambda: Aerleon("aerleon-v6", 6, 60), 120, ["ip6tables-nft", "nft"]),
    (lambda: Haproxy("haproxy-v6", 6, 60), 120, ["haproxy"]),
]
# Sections that hold whole answers against what was sent or set up.
PROOFS = [Logs, Reach, Probe]
COUNTS = ("probes", "fix_probes", "fixes", "compared", "opaque", "undetermined", "traced", "trace_differs")


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, help="the scraplens program")
    parser.add_argument("--seed", type=int, default=None, help="repeats a run")
    parser.add_argument("--probes", type=int, default=5000, help="at least so many probes")
    parser.add_argument("--only", default="", help="sections, by comma")
    parser.add_argument("--case", default="", help="SECTION:SEED, a single rule set")
    parser.add_argument("--no-fix", action="store_true", help="leaves `acl fix` out")
    parser.add_argument("--jobs", type=int, default=8, help="sections at once")
    return parser.parse_args()


def run_one(section, count, seed, options, tool, folder, fixer):
    """All rule sets of one section on a bench of its own."""
    tally = Tally(section.name)
    started = time.monotonic()
    bench = namespaces.Bench(section.name, section.listen)
    rng = random.Random(f"{section.name} {seed}")
    seeds = (rng.randrange(1 << 32) for _ in range(10_000))
    try:
        if options.case:
            run_section(section, bench, tool, folder, tally, [int(options.case.split(":")[1])], fixer)
        else:
            while tally.probes < count and tally.cases < 400 and len(tally.broken) < 20:
                run_section(section, bench, tool, folder, tally, [next(seeds)], fixer)
    finally:
        bench.close()
    tally.seconds = time.monotonic() - started
    return tally


def prove_one(proof, seed, binary, folder):
    """One of the proofs, on a bench of its own."""
    folder = folder / proof.name
    folder.mkdir()
    tally = Proof(proof.name, folder)
    started = time.monotonic()
    bench = namespaces.Bench(proof.name, proof.listen)
    try:
        proof.run(bench, binary, folder, seed, tally)
    except Exception as error:  # one broken section must not hide the others
        tally.note(tally.broken, f"{error}\n{traceback.format_exc()}")
    finally:
        bench.close()
    tally.seconds = time.monotonic() - started
    return tally


def demands(tallies, options):
    """What is asked of a whole run, and whether it was missed."""
    total = {name: sum(getattr(tally, name) for tally in tallies) for name in COUNTS}
    wrong = sum(len(tally.wrong) for tally in tallies)
    plain = max(1, total["compared"] - total["opaque"])
    unknown = total["undetermined"] / plain
    lines = 1 - total["trace_differs"] / max(1, total["traced"])
    whole = not options.only and not options.case
    few = whole and total["probes"] < options.probes
    yield f"probes: {total['probes']}, and {total['fix_probes']} of {total['fixes']} fixes; {total['compared']} comparisons", few
    yield f"wrong: {wrong}", bool(wrong)
    yield f"undetermined where all can be known: {100 * unknown:.2f} %", unknown >= 0.02
    yield f"deciding line as in the kernel's trace: {100 * lines:.2f} % of {total['traced']}", lines < 0.99


def main():
    """Runs the sections and says how they fared."""
    options = arguments()
    namespaces.need_root()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    print(f"seed {seed}", flush=True)
    tool = Tool(str(Path(options.bin).resolve()))
    fixer = None if options.no_fix else replay
    if fixer and not tool.fixes():
        sys.exit(f"{options.bin} has no `acl fix`: build it, or leave fixes out with --no-fix")
    folder = Path(tempfile.mkdtemp(prefix="oracle-run-"))
    chosen = [name for name in options.only.split(",") if name] or (
        [options.case.split(":")[0]] if options.case else []
    )
    sections = [(make(), share, needs) for make, share, needs in SECTIONS]
    proofs = [make() for make in PROOFS]
    known = [*(section.name for section, _share, _needs in sections), *(proof.name for proof in proofs)]
    if unknown := [name for name in chosen if name not in known]:
        sys.exit(f"there is no section {', '.join(unknown)}; there are {', '.join(known)}")
    if options.case:
        seed = int(options.case.split(":")[1])
    sections = [row for row in sections if not chosen or row[0].name in chosen]
    proofs = [proof for proof in proofs if not chosen or proof.name in chosen]
    for section, needs in [*((row[0], row[2]) for row in sections), *((proof, proof.needs) for proof in proofs)]:
        missing = [name for name in needs if not shutil.which(name)]
        if missing:
            sys.exit(f"section {section.name} needs {', '.join(missing)}: install them, or choose others with --only")
    for proof in proofs:
        if not tool.has(proof.command):
            sys.exit(f"{options.bin} has no `{proof.command}`: build it, or choose other sections with --only")
    # The proofs wait more than they work: they come first, beside the others.
    jobs = [(prove_one, proof, seed, tool.binary, folder) for proof in proofs]
    for section, share, _needs in sections:
        jobs.append((run_one, section, -(-share * options.probes // 5000), seed, options, tool, folder, fixer))
    tallies = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        futures = [pool.submit(*job) for job in jobs]
        for future in concurrent.futures.as_completed(futures):
            tallies.append(future.result())
            print(f"{tallies[-1].line()}  {tallies[-1].seconds:.0f} s", flush=True)
    failed = [tally.section for tally in tallies if tally.failed()]
    for text, missed in demands(tallies, options):
        print(("MISSED " if missed else "") + text)
        failed += [text.split(":")[0]] if missed else []
    print(f"seed {seed}: {'failed: ' + ', '.join(failed) if failed else 'all as the real software'}")
    if failed:
        print(f"rule sets and differences are kept in {folder}; again with --seed {seed}, or --case SECTION:SEED")
        sys.exit(1)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
