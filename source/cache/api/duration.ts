/**
 * Milliseconds, or a number with a unit: `'250ms'`, `'30s'`, `'5m'`, `'2h'`, `'1d'`. Rounded up to whole milliseconds; anything
 * longer than 30 days, `Infinity` included, counts as 30 days. Negative numbers, NaN and unknown units cause an
 * `InvalidDurationError`.
 */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;
