export type Fields = readonly (readonly [name: string, value: string | number])[];

/** Formats bytes as INFO does for people: `943.87K`. */
export function humanBytes(bytes: number): string {
	if (bytes < 1024) return `${bytes}B`;
	const units = ['K', 'M', 'G', 'T'];
	let size = bytes / 1024;
	let unit = 0;
	while (size >= 1024 && unit < units.length - 1) {
		size /= 1024;
		unit++;
	}
	return `${size.toFixed(2)}${units[unit]}`;
}
