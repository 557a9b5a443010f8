"""One frozen record of every threshold, with unit, reason and source."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from gcm_align.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every threshold of a run; validated once, carried in the report's manifest."""

    # --- reading: limits that keep one hostile or huge file from stopping a batch
    max_bytes: int = 200_000_000  # the largest policy seen is 30 MB; a law gazette 120 MB
    max_pages: int = 2_000  # the longest national plan seen has 480 pages
    max_page_chars: int = 60_000  # a dense page has 6,000; overprinted cover art 21,769
    max_members: int = 5_000  # files of one folder, archive or Word file; a Word file has 30
    max_unpacked_bytes: int = 1_000_000_000  # of one archive or Word file; bombs have 10^12
    max_ratio: int = 200  # bytes unpacked of one packed, above 10 MB; text packs 5 to 20 times
    max_chars: int = 20_000_000  # of one document; 2,000 dense pages hold 12 million
    max_page_seconds: int = 30  # of processor time on one page; the slowest seen takes 18
    max_read_seconds: int = 1_800  # on one document; a scan of 600 pages takes half of it
    max_read_memory: int = 3_000_000_000  # bytes of address space; 500 pages take 0.5 * 10^9
    max_ocr_pages: int = 600  # of one document; it fills max_read_seconds on two cores
    max_ocr_seconds: int = 120  # of the wall clock on one page; on an idle core it takes 5
    max_ocr_pixels: int = 25_000_000  # of a page's picture; A3 at 300 dots an inch has 17 million
    min_ocr_confidence: float = 0.6  # mean of a page's words; print has 0.9, stains below 0.5
    # --- passages
    passage_words: int = 90  # longer sentences runs are cut at sentence ends; about a clause
    min_passage_words: int = 4  # below it a line carries no undertaking
    # --- verdicts
    most_risk: float = 0.15  # of being wrong, beyond which a person decides; scripts/fit_calibrator
    element_similarity: float = 0.25  # cosine at which a core element counts as present
    element_share: float = 0.5  # share of the core elements that makes a clause complete
    counter_rank: int = 5  # an order counts against the actions that its passage is nearest to
    gap_min_share_read: float = 0.98  # the method: silence is claimed only of what was read
    # --- reporting
    quote_words: int = 60  # the codebook's longest quote
    max_evidence: int = 5  # passages shown for each action

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if item.type == "int" and value < 1:
                raise SettingsError(
                    f"Setting {item.name} is out of range",
                    value=value,
                    expected="a whole number of at least 1",
                    hint="Correct the setting or leave it out for the default.",
                )

    def as_dict(self) -> dict[str, object]:
        """Return the settings as plain values for the manifest."""
        return asdict(self)
