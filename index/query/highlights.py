"""Finds the words and phrases of a query in a text, as code points of the raw text."""

from index.terms.analysis import SearchTerm, Term, running, terms


def highlights(raw: str, wanted: tuple[SearchTerm, ...]) -> tuple[tuple[int, int], ...]:
    """Return where the sought words and phrases stand in the raw text: spans in order, joined where they touch."""
    results = list(terms(raw)) if wanted else []
    places: dict[str, list[int]] = {}
    for at, term in enumerate(results):
        places.setdefault(term.term, []).append(at)
    spans: list[tuple[int, int]] = []
    for phrase in wanted:
        first, *rest = phrase.terms
        if not rest and phrase.prefix:
            spans += [(term.start, _stop(term, first)) for term in results if term.term.startswith(first)]
            continue
        for at in places.get(first, ()):
            if _stands(results, at, phrase):
                last = results[at + len(rest)]
                spans.append((results[at].start, _stop(last, phrase.terms[-1]) if phrase.prefix else last.end))
    return _join_spans(spans)


def _stop(term: Term, beginning: str) -> int:
    """Return where the sought beginning of a term ends: one character of a running script, a whole word otherwise."""
    return term.start + 1 if len(beginning) == 1 and running(term.term) else term.end


def _stands(results: list[Term], at: int, phrase: SearchTerm) -> bool:
    if at + len(phrase.terms) > len(results):
        return False
    *whole, last = phrase.terms
    if any(results[at + step].term != term for step, term in enumerate(whole)):
        return False
    there = results[at + len(whole)].term
    return there.startswith(last) if phrase.prefix else there == last


def _join_spans(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)
