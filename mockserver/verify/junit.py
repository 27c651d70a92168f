"""The report of a verification as CI servers read it."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from .findings import Finding, Report

_ILLEGAL = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")  # what XML 1.0 cannot hold


def write(report: Report, path: Path) -> None:
    """Write a report as JUnit XML: a case for each operation and check, each scenario, each status that must be seen."""
    root = Element("testsuites", name="mockserver verify")
    for name, cases in (
        ("contract", list(_contract(report))),
        ("scenarios", list(_scenarios(report))),
        ("coverage", list(_coverage(report))),
    ):
        suite = SubElement(root, "testsuite", name=name)
        suite.extend(cases)
        for count, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(count, str(sum(case.find(child) is not None for case in cases)))
        suite.set("tests", str(len(cases)))
        if name == "contract" and report.remarks:
            lines = ["not in the contract, which does not forbid it:", *map(str, report.remarks)]
            SubElement(suite, "system-out").text = _clean("\n".join(lines))
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _contract(report: Report) -> Iterator[Element]:
    for operation in report.operations:
        found = [finding for finding in report.findings if finding.operation.id == operation.id]
        if not found:
            yield _case(operation.name, "keeps the contract")
        for finding in found:
            case = _case(operation.name, f"{finding.status} {finding.check}")
            if finding.known:
                SubElement(case, "skipped", message=_clean(f"known as {finding.known.id}: {finding.known.why}"))
            else:
                SubElement(case, "failure", message=_clean(finding.message)).text = _clean(_told(finding))
            yield case
    for error in report.errors:
        case = _case("verify", "runs to its end")
        SubElement(case, "error", message=_clean(error))
        yield case


def _scenarios(report: Report) -> Iterator[Element]:
    for played in report.cases:
        case = _case("scenario", played.scenario)
        if played.result == "failed":
            SubElement(case, "failure", message=_clean(played.reason))
        elif played.result == "forced only":
            SubElement(case, "skipped", message=_clean(played.reason))
        yield case


def _coverage(report: Report) -> Iterator[Element]:
    for operation, status in report.unseen:
        case = _case(operation.name, f"answers {status}")
        SubElement(case, "failure", message=f"{status} is documented, required, and was never seen")
        yield case


def _case(group: str, name: str) -> Element:
    return Element("testcase", classname=group, name=name)


def _told(finding: Finding) -> str:
    return f"{finding.message}{finding.times}\n\n{finding.curl}"


def _clean(text: str) -> str:
    return _ILLEGAL.sub("?", text)
