import {type Html, html} from '../html.js';
import {percent, type TimeSpan} from './chart.js';

const minute = 60_000;
const hour = 60 * minute;

/** Possible distances between two ticks, in milliseconds. */
const steps = [
	...[100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000],
	...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
	...[1, 2, 3, 6, 12, 24].map((hours) => hours * hour),
];

/** The unit of all ticks of an axis, chosen by their distance. */
const unitOf = (stepMs: number): readonly [ms: number, name: string] =>
	stepMs < minute ? [1000, 's'] : stepMs < hour ? [minute, 'min'] : [hour, 'h'];

/** Maximum number of ticks that fit on a phone. */
const maxTicks = 7;

type Tick = {readonly ms: number; readonly words: string};

/** The ticks of an axis, beginning with 0. The label of the last one has the unit, which is the same for all. */
export function ticksOf(totalMs: number): readonly Tick[] {
	const step = steps.find((each) => totalMs / each <= maxTicks) ?? Math.ceil(totalMs / maxTicks);
	const [unit, name] = unitOf(step);
	const last = Math.floor(totalMs / step);
	return Array.from({length: last + 1}, (_, index) => {
		const amount = Math.round((10 * index * step) / unit) / 10;
		return {ms: index * step, words: index === last ? `${amount} ${name}` : String(amount)};
	});
}

/** The time axis below a chart. Hidden from screen readers, which find the times in descriptions and tables. */
export function timeAxis(time: TimeSpan): Html {
	const words = ticksOf(time.totalMs).map(({ms, words: text}, index) => {
		const anchor = index === 0 ? 'start' : ms > 0.96 * time.totalMs ? 'end' : 'middle';
		return html`<text x="${percent(time, ms)}" y="11" text-anchor="${anchor}">${text}</text>`;
	});
	return html`<svg class="plot axis" height="16" aria-hidden="true">${words}</svg>`;
}
