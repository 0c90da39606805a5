import {formatElapsed, formatLatency} from '../../../text/duration.js';
import {formatCount, formatPercent} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import type {LatestOutage} from '../../store/latest-outage.js';
import {type Row, rowWidth, type Span, span} from '../../text/row.js';

/** The latest outage with what was measured since it started. */
export type OutageFigures = {
	readonly outage: LatestOutage;
	/** Unix time in milliseconds. */
	readonly now: number;
	/** Undefined without a workload. */
	readonly wrongReads: number | undefined;
	/** Share of reads that memory or Redis answered lately. */
	readonly hitRatio: number | undefined;
	/** Keys in the journal now, and at most since the outage started. */
	readonly journal: number;
	readonly journalPeak: number;
};

/** Times have a resolution of one millisecond, so 0 means less than one. */
const within = (ms: number) => (ms < 1 ? 'at once' : `in ${ms < 1000 ? formatElapsed(ms) : formatLatency(ms)}`);

/** An event and its delay: `fell back in 203 ms`, or short `fallback 203 ms`. */
const words = (isShort: boolean, long: string, short: string, ms: number) =>
	isShort ? `${short} ${within(ms).replace('in ', '')}` : `${long} ${within(ms)}`;

function fallbackWords({fallbackMs}: LatestOutage, isShort: boolean): string {
	if (fallbackMs === undefined) return 'stayed connected';
	return fallbackMs === 'before' ? 'in fallback before' : words(isShort, 'fell back', 'fallback', fallbackMs);
}

function recoveryPart({outage, now}: OutageFigures, isShort: boolean): readonly Span[] {
	const {to, isUnresolved, recoveryMs} = outage;
	if (isUnresolved) return [span(`recovering for ${formatElapsed(now - (to ?? now))}`, 'warn')];
	if (recoveryMs === undefined) return [];
	if (recoveryMs === 'before') return [span('recovered before its end', 'good')];
	return [span(words(isShort, 'recovered', 'recovery', recoveryMs), 'good')];
}

const journalPart = ({journal}: OutageFigures): readonly Span[] =>
	journal > 0 ? [span(`${formatCount(journal)} keys in the journal`, 'warn')] : [];

/** The parts of the summary, the most important first. */
function partsOf(figures: OutageFigures, isShort: boolean): readonly Span[] {
	const {outage, now, wrongReads, journalPeak} = figures;
	const lasted = formatElapsed((outage.to ?? now) - outage.from);
	const label = printable(outage.label);
	const verdict =
		wrongReads === undefined ? [] : [span(`${formatCount(wrongReads)} wrong reads`, wrongReads > 0 ? 'bad' : 'good')];
	if (!outage.isSimulated)
		return outage.to !== undefined && !outage.isUnresolved
			? [span(`Redis was unreachable for ${lasted}`), ...verdict, span(label, 'dim')]
			: [span(`Redis unreachable for ${lasted}`, 'bad'), ...verdict, ...journalPart(figures), span(label, 'dim')];
	if (outage.to === undefined)
		return [
			span(`${label} for ${lasted}`, 'bad'),
			span(fallbackWords(outage, isShort)),
			...verdict,
			span(`${formatPercent(figures.hitRatio, 0)} of reads answered`),
			...journalPart(figures),
		];
	return [
		span(`${label} ${lasted}`),
		span(fallbackWords(outage, isShort)),
		...recoveryPart(figures, isShort),
		...verdict,
		...(journalPeak > 0 ? [span(`journal peak ${formatCount(journalPeak)} keys`, 'dim')] : []),
	];
}

/** Below this width the words are short, so that the times of fallback and recovery both fit at 60 columns. */
const narrow = 60;

/** The latest outage in one line of at most `width` cells. Parts that do not fit are left out. */
export function outageSummary(figures: OutageFigures, width: number): Row {
	const row: Span[] = [];
	for (const part of partsOf(figures, width < narrow)) {
		const next = row.length === 0 ? [part] : [span(', ', 'dim'), part];
		if (row.length > 0 && rowWidth(row) + rowWidth(next) > width) continue;
		row.push(...next);
	}
	return row;
}
