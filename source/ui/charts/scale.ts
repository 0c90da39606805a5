/** How values become heights. The same for every frame, so that nothing jumps when a value does. */
export type Scale = {
	/** 0 (bottom) to 1 (top); values outside are clamped. */
	position(value: number): number;
	/** Values that deserve a label, with their labels, from the bottom up. */
	readonly ticks: readonly {readonly value: number; readonly label: string}[];
};

const clamp = (share: number) => Math.min(1, Math.max(0, share));

/** Shares of 0 to 1 as percent. */
export const percentScale: Scale = {
	position: clamp,
	ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => ({value, label: `${value * 100} %`})),
};

const decades: readonly {value: number; label: string}[] = [
	{value: 0.01, label: '10 µs'},
	{value: 0.1, label: '100 µs'},
	{value: 1, label: '1 ms'},
	{value: 10, label: '10 ms'},
	{value: 100, label: '100 ms'},
	{value: 1000, label: '1 s'},
];

/** Durations in milliseconds on a logarithmic axis from 10 µs to 1 s: a healthy Redis and a missed deadline on one chart. */
export const latencyScale: Scale = {
	position: (ms) => clamp((Math.log10(Math.max(ms, 1e-6)) + 2) / 5),
	ticks: decades,
};

/** Small shares on a logarithmic axis from 0.1 % to 100 %; 0 lies on the ground. */
export const smallShareScale: Scale = {
	position: (share) => clamp((Math.log10(Math.max(share, 1e-9)) + 3) / 3),
	ticks: [
		{value: 0.001, label: '0.1 %'},
		{value: 0.01, label: '1 %'},
		{value: 0.1, label: '10 %'},
		{value: 1, label: '100 %'},
	],
};

/** The smallest of 10, 20, 50, 100, … that is not below `most`, so that an axis seldom changes. */
export function niceMax(most: number): number {
	let step = 10;
	while (step < most) step *= String(step).startsWith('2') ? 2.5 : 2;
	return step;
}

/** Counts from 0 to `max`, on a straight axis. */
export function countScale(max: number, label: (value: number) => string): Scale {
	return {
		position: (value) => clamp(max > 0 ? value / max : 0),
		ticks: [0, 0.5, 1].map((share) => ({value: share * max, label: label(share * max)})),
	};
}
