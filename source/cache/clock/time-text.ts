/** Numbers of four digits, with leading zeros. */
const fourDigits: readonly string[] = Array.from({length: 10_000}, (_, value) => String(10_000 + value).slice(1));

const lowDigits = 100_000_000;
let lastHigh = -1;
let lastHighText = '';

/**
 * Server time in µs, as digits. Six times as fast as `String`, which is slow for numbers that are not small integers: all
 * digits but the last eight are cached, since they stay the same for 100 seconds.
 */
export function timeText(micros: number): string {
	const high = Math.floor(micros / lowDigits);
	if (high !== lastHigh) {
		lastHigh = high;
		lastHighText = String(high);
	}
	const low = micros - high * lowDigits;
	const middle = Math.floor(low / 10_000);
	return lastHighText + (fourDigits[middle] ?? '') + (fourDigits[low - middle * 10_000] ?? '');
}
