import type {LatencyDot} from '../../../drills/recording/drill-recording.js';
import {formatLatency} from '../../../text/duration.js';
import {type Html, html, type Part} from '../html.js';
import {across, background, chart, round, rule, type TimeSpan} from './chart.js';

const height = 200;

type LatencyChart = {
	readonly id: string;
	readonly caption: Part;
	readonly title: string;
	readonly description: string;
	readonly time: TimeSpan;
	readonly slotMs: number;
	readonly dots: readonly LatencyDot[];
	/** Deadline of calls, in milliseconds. */
	readonly deadlineMs?: number | undefined;
};

/** Pixels above a grid line that its label needs. */
const labelHeight = 13;

/** Baseline of the label of a grid line: above it, or below it where the caption of the chart would be in the way. */
const labelY = (y: number): number => (y < labelHeight ? y + labelHeight - 2 : y - 3);

/** Levels of darkness, by the number of calls that one dot represents. */
const weights = [
	{style: 'dots few', most: 2},
	{style: 'dots some', most: 20},
	{style: 'dots', most: Number.POSITIVE_INFINITY},
] as const;

/** Durations over time, on a logarithmic scale. Calls with about the same time and duration share a dot. */
export function latencyChart({id, caption, title, description, time, slotMs, dots, deadlineMs}: LatencyChart): Html {
	const scale = scaleFor([...dots.map(({ms}) => ms), ...(deadlineMs === undefined ? [] : [deadlineMs])]);
	const placeOf = ({slot, ms}: LatencyDot) => `M${across(time, (slot + 0.5) * slotMs)} ${scale.y(ms)}h0`;
	const paths = weights.map(({style, most}, index) => {
		const least = weights[index - 1]?.most ?? 0;
		const some = dots.filter(({calls}) => calls > least && calls <= most);
		return some.length > 0 && html`<path class="${style}" d="${some.map(placeOf).join('')}"/>`;
	});
	const {decades} = scale;
	return chart({
		id,
		caption,
		title,
		description,
		height,
		shapes: [
			background(time, height),
			decades.map((ms) => rule(scale.y(ms), 'grid')),
			deadlineMs !== undefined && rule(scale.y(deadlineMs), 'limit'),
			paths,
		],
		labels: [
			decades.map((ms) => html`<text x="3" y="${round(labelY(scale.y(ms)))}">${formatDecade(ms)}</text>`),
			deadlineMs !== undefined &&
				html`<text class="limit-word" x="100%" dx="-3" y="${round(scale.y(deadlineMs) - 4)}" text-anchor="end">deadline ${formatLatency(deadlineMs).replace(/\.0+ /, ' ')}</text>`,
		],
	});
}

/** A logarithmic scale that covers the given durations, and the powers of ten within it. */
function scaleFor(values: readonly number[]): {readonly decades: readonly number[]; y(ms: number): number} {
	const known = values.length === 0 ? [1] : values;
	const lowest = Math.log10(known.reduce((left, right) => Math.min(left, right)) / 1.5);
	const highest = Math.log10(known.reduce((left, right) => Math.max(left, right)) * 1.7);
	const first = Math.ceil(lowest);
	return {
		decades: Array.from({length: Math.floor(highest) - first + 1}, (_, index) => 10 ** (first + index)),
		y: (ms) => round(height - ((Math.log10(ms) - lowest) / (highest - lowest)) * height),
	};
}

/** `10 µs`, `0.1 ms`, `1 s` */
function formatDecade(ms: number): string {
	if (ms < 0.1) return `${Math.round(ms * 1000)} µs`;
	return ms < 1000 ? `${Number(ms.toPrecision(1))} ms` : `${ms / 1000} s`;
}
