import {type Html, html, type Part} from '../html.js';

/** Units across a chart. Charts stretch to the width of the page, so that these have no fixed size. */
const width = 1000;

/** A span of time to be marked. */
export type Span = {readonly fromMs: number; readonly toMs: number};

/** The time that charts one below the other have in common. */
export type TimeSpan = {readonly totalMs: number; readonly faults: readonly Span[]};

type Chart = {
	/** Unique in the page. */
	readonly id: string;
	/** Stands above the chart. */
	readonly caption: Part;
	/** The chart in a few words, for screen readers. */
	readonly title: string;
	/** Its course in a sentence, for screen readers. */
	readonly description: string;
	/** Pixels. */
	readonly height: number;
	/** Shapes in units of `across` and pixels of the height: they are stretched, their strokes are not. */
	readonly shapes: Part;
	/** Text and marks, placed by `percent`: they are not stretched. */
	readonly labels?: Part;
};

/**
 * A chart as wide as the page: the shapes are stretched to it, while letters and marks keep their size, so that a phone
 * shows it as well as a desk.
 */
export function chart({id, caption, title, description, height, shapes, labels}: Chart): Html {
	return html`<figure><figcaption>${caption}</figcaption>
<svg class="plot" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>
<svg width="100%" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">${shapes}</svg>
<g aria-hidden="true">${labels}</g></svg></figure>
`;
}

/** The place of a time, in units of a chart's shapes. */
export function across({totalMs}: TimeSpan, ms: number): number {
	return round(Math.min(1, Math.max(0, ms / totalMs)) * width);
}

/** The place of a time, for texts and marks. */
export function percent({totalMs}: TimeSpan, ms: number): string {
	return `${round(Math.min(1, Math.max(0, ms / totalMs)) * 100)}%`;
}

/** A coordinate to a tenth, which keeps files small. */
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
