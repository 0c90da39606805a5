import {formatBytes} from '../../text/number.js';

/** Maps values to heights. It does not depend on the current values, so that a line does not jump when one value does. */
export type Scale = {
	/** 0 (bottom) to 1 (top), clamped. */
	position(value: number): number;
	/** Labeled values, from the bottom up. */
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

/** Milliseconds on a logarithmic axis from 10 µs to 1 s: memory hits and missed deadlines fit on one chart. */
export const latencyScale: Scale = {
	position: (ms) => clamp((Math.log10(Math.max(ms, 1e-6)) + 2) / 5),
	ticks: decades,
};

/** Milliseconds on a logarithmic axis from 1 µs to 1 s: a server executes most commands in a few microseconds. */
export const serverLatencyScale: Scale = {
	position: (ms) => clamp((Math.log10(Math.max(ms, 1e-6)) + 3) / 6),
	ticks: [{value: 0.001, label: '1 µs'}, ...decades],
};

/** Shares on a logarithmic axis from 0.1 % to 100 %. */
export const smallShareScale: Scale = {
	position: (share) => clamp((Math.log10(Math.max(share, 1e-9)) + 3) / 3),
	ticks: [
		{value: 0.001, label: '0.1 %'},
		{value: 0.01, label: '1 %'},
		{value: 0.1, label: '10 %'},
		{value: 1, label: '100 %'},
	],
};

/** The least of 10, 20, 50, 100, … that is not below `highest`, so that an axis seldom changes. */
export function niceMax(highest: number): number {
	let step = 10;
	while (step < highest) step *= String(step).startsWith('2') ? 2.5 : 2;
	return step;
}

/** Counts on a linear axis from 0 to `max`. */
export function countScale(max: number, label: (value: number) => string): Scale {
	return {
		position: (value) => clamp(max > 0 ? value / max : 0),
		ticks: [0, 0.5, 1].map((share) => ({value: share * max, label: label(share * max)})),
	};
}

/** Formats a round number of an axis: `500`, `2.5k`, `10k`, `1M`. */
export function formatTick(value: number): string {
	if (value >= 1e6) return `${value / 1e6}M`;
	return value >= 1000 ? `${value / 1000}k` : String(value);
}

/** Cells of a label of an axis. */
const labelCells = 6;

/** `64 KiB`; without the blank if that is too long for an axis: `512KiB`. */
function bytesLabel(value: number): string {
	const label = formatBytes(value);
	return label.length <= labelCells ? label : label.replace(' ', '');
}

/** Bytes on a linear axis from 0 to a power of two. */
export function bytesScale(highest: number): Scale {
	return countScale(2 ** Math.ceil(Math.log2(Math.max(1024, highest))), bytesLabel);
}
