import {type Html, html, type Part} from '../html.js';

/** Width of a chart in units of its coordinate system. A chart is stretched to the page, so a unit has no fixed size. */
const width = 1000;

/** A marked span of time, in milliseconds. */
export type Span = {readonly fromMs: number; readonly toMs: number};

/** The time axis that several charts share. */
export type TimeSpan = {readonly totalMs: number; readonly faults: readonly Span[]};

type Chart = {
	/** Unique in the page. */
	readonly id: string;
	/** Text above the chart. */
	readonly caption: Part;
	/** The chart in a few words, for screen readers. */
	readonly title: string;
	/** Its course in a sentence, for screen readers. */
	readonly description: string;
	/** In pixels. */
	readonly height: number;
	/** Shapes, with x as returned by `across` and y in pixels. They are stretched to the page, but their strokes are not. */
	readonly shapes: Part;
	/** Text and marks that are not stretched, with x as returned by `percent`. */
	readonly labels?: Part;
};

/**
 * A chart as wide as the page. Shapes are stretched to that width, while text and marks keep their size, so that it is readable
 * on phones and on large screens.
 */
export function chart({id, caption, title, description, height, shapes, labels}: Chart): Html {
	return html`<figure><figcaption>${caption}</figcaption>
<svg class="plot" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>
<svg width="100%" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">${shapes}</svg>
<g aria-hidden="true">${labels}</g></svg></figure>
`;
}

/** The x coordinate of a time, for `shapes`. */
export function across({totalMs}: TimeSpan, ms: number): number {
	return round(Math.min(1, Math.max(0, ms / totalMs)) * width);
}

/** The x coordinate of a time, for `labels`. */
export function percent({totalMs}: TimeSpan, ms: number): string {
	return `${round(Math.min(1, Math.max(0, ms / totalMs)) * 100)}%`;
}

/** Rounds a coordinate to a tenth, which keeps files small. */
export function round(value: number): number {
	return Math.round(value * 10) / 10;
}

/** The background of a chart, in which the times of faults are shaded. */
export function background(time: TimeSpan, height: number): Html {
	const shades = time.faults.map(({fromMs, toMs}) => {
		const [left, right] = [across(time, fromMs), across(time, toMs)];
		const edges = `M${left} 0V${height}M${right} 0V${height}`;
		return html`<rect class="shade" x="${left}" width="${round(right - left)}" height="${height}"/><path class="edge" d="${edges}"/>`;
	});
	return html`<rect class="frame" width="${width}" height="${height}"/>${shades}`;
}

/** A horizontal line through a whole chart. */
export function rule(y: number, style: 'grid' | 'limit'): Html {
	return html`<path class="${style}" d="M0 ${round(y)}H${width}"/>`;
}
