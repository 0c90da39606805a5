/** One line of what an output may have to print: signs of ours, accents, wide characters, an emoji of several parts. */
export const unicodeSample = '12 µs ≤ 5 ± 1 × 2 ≈ 10 → … ─│╭┤━█▁░ ✓✗ ●▲◐○ ▸ “é” 日本 👩‍👩‍👧';

/** ASCII, with lines kept apart. */
export const asciiOnly = /^[ -~\n]*$/;
