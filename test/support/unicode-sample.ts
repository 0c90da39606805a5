/** A line of characters that an output may contain: our symbols, accents, wide characters, an emoji of several code points. */
export const unicodeSample = '12 µs ≤ 5 ± 1 × 2 ≈ 10 → … ─│╭┤━█▁░ ✓✗ ●▲◐○ ▸ “é” 日本 👩‍👩‍👧';

/** Matches ASCII text with line feeds. */
export const asciiOnly = /^[ -~\n]*$/;
