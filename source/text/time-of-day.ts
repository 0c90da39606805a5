/** Formats the local time of day: `14:03:59`. `at`: Unix time in milliseconds. */
export function formatTimeOfDay(at: number): string {
	const date = new Date(at);
	return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Formats the local time of day with milliseconds: `14:03:59.120`. `at`: Unix time in milliseconds. */
export function formatPreciseTimeOfDay(at: number): string {
	return `${formatTimeOfDay(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}
