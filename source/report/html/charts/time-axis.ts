import {type Html, html} from '../html.js';
import {percent, type TimeSpan} from './chart.js';

/** Lengths between two ticks, in milliseconds. */
const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000];

/** Ticks that fit on a phone. */
const maxTicks = 7;

/** The times of the ticks, 0 first. */
export function ticksOf(totalMs: number): readonly number[] {
	const step = steps.find((each) => totalMs / each <= maxTicks) ?? Math.ceil(totalMs / maxTicks);
	return Array.from({length: Math.floor(totalMs / step) + 1}, (_, index) => index * step);
}

/** The times below a chart. Not for screen readers: descriptions and tables have them. */
export function timeAxis(time: TimeSpan): Html {
	const ticks = ticksOf(time.totalMs);
	const words = ticks.map((ms, index) => {
		const anchor = index === 0 ? 'start' : ms > 0.96 * time.totalMs ? 'end' : 'middle';
		return html`<text x="${percent(time, ms)}" y="11" text-anchor="${anchor}">${tickWords(ms, index === ticks.length - 1)}</text>`;
	});
	return html`<svg class="plot axis" height="16" aria-hidden="true">${words}</svg>`;
}

function tickWords(ms: number, isLast: boolean): string {
	if (ms < 120_000) return `${Math.round(ms / 100) / 10}${isLast ? ' s' : ''}`;
	return `${Math.round(ms / 6000) / 10}${isLast ? ' min' : ''}`;
}
