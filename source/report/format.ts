/** `1,234,567` */
export function count(value: number): string {
	return Math.round(value).toLocaleString('en-US');
}

/** `0.41 ms`, `12.3 ms`, `406 ms`, `1.24 s` */
export function milliseconds(ms: number): string {
	if (ms >= 999.5) return `${(ms / 1000).toFixed(2)} s`;
	return `${ms < 9.995 ? ms.toFixed(2) : ms < 99.95 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** A point in time of a drill: `3.2 s`. */
export function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}

/** A share as percent, never rounded up to 100: `99.998 %`. */
export function percent(share: number): string {
	return `${Math.floor(share * 100_000 + 1e-6) / 1000} %`;
}

/** `1 call`, `2 calls` */
export function counted(value: number, noun: string): string {
	return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
