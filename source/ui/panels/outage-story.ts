import type {ModeChange} from '../../metrics/snapshot.js';
import {count, duration, latency, percent} from '../format.js';
import type {OutageSpan} from '../history.js';
import {printable} from '../text/printable.js';
import {type Row, rowWidth, type Span, span} from '../text/row.js';
import {hitRatioOf} from './hit-ratio.js';
import type {PanelInput} from './panel.js';
import {recent} from './time-frame.js';

/** What became of the latest outage, simulated or not. Times in milliseconds. */
export type OutageStory = {
	readonly label: string;
	readonly isSimulated: boolean;
	/** Unix time; `to` undefined: it lasts. */
	readonly from: number;
	readonly to: number | undefined;
	/** From its beginning to fallback; `already`: it was there before; undefined: the cache stayed connected. */
	readonly fallbackMs: number | 'already' | undefined;
	/** From its end to `connected`; `already`: before its end; undefined: it was never left, or is not there yet. */
	readonly backMs: number | 'already' | undefined;
	/** Fallback or recovering, still. */
	readonly isAway: boolean;
};

type Episode = {
	readonly from: number;
	readonly to: number | undefined;
	readonly reason: string;
	/** Of the program, or of a drill's cache: one that took its time is no outage. */
	readonly isFirstConnection: boolean;
};

/** A fallback this soon after an outage was lifted is still its doing. */
const aftermathMs = 1000;

/** The latest stretch without Redis. A cache that was connected falls back first; a new one begins with recovering. */
function latestEpisode(modes: readonly ModeChange[]): Episode | undefined {
	const last = modes.findLastIndex((change) => change.mode === 'fallback');
	if (last < 0) return undefined;
	let first = last;
	while (first > 0 && modes[first - 1]?.mode !== 'connected') first--;
	const from = modes[first];
	const to = modes.slice(last).find((change) => change.mode === 'connected');
	const isFirstConnection = from?.mode === 'recovering' && to !== undefined;
	return from && {from: from.at, to: to?.at, reason: from.reason, isFirstConnection};
}

/** What the screen tells of outages: the one that was last. */
export function latestOutage(outages: readonly OutageSpan[], modes: readonly ModeChange[]): OutageStory | undefined {
	const fault = outages.at(-1);
	const episode = latestEpisode(modes);
	const isAway = episode !== undefined && episode.to === undefined;
	const isOfFault =
		fault !== undefined &&
		episode !== undefined &&
		(episode.to === undefined || episode.to > fault.from) &&
		episode.from <= (fault.to ?? Number.POSITIVE_INFINITY) + aftermathMs;
	const isReal = episode !== undefined && !isOfFault && !episode.isFirstConnection;
	if (isReal && (!fault || (fault.to !== undefined && episode.from > fault.from)))
		return {
			label: episode.reason,
			isSimulated: false,
			from: episode.from,
			to: episode.to,
			fallbackMs: 0,
			backMs: undefined,
			isAway,
		};
	if (!fault) return undefined;
	const end = fault.to;
	const back = isOfFault && end !== undefined && episode.to !== undefined ? episode.to - end : undefined;
	return {
		label: fault.label,
		isSimulated: true,
		from: fault.from,
		to: end,
		fallbackMs: !isOfFault ? undefined : episode.from < fault.from ? 'already' : episode.from - fault.from,
		backMs: back !== undefined && back < 0 ? 'already' : back,
		isAway: isOfFault && isAway,
	};
}

/** Unix times are whole milliseconds: 0 is less than one of them, and a fraction would be made up. */
const within = (ms: number) => (ms === 0 ? 'at once' : `in ${ms < 1000 ? duration(ms) : latency(ms)}`);

function reactionOf({fallbackMs}: OutageStory): string {
	if (fallbackMs === undefined) return 'stayed connected';
	return fallbackMs === 'already' ? 'in fallback before it' : `fallback ${within(fallbackMs)}`;
}

function recoveryOf(backMs: number | 'already'): string {
	return backMs === 'already' ? 'back before its end' : `healed ${within(backMs)}`;
}

/** Parts of a sentence, the most telling first; those that do not fit are left out. */
function partsOf(story: OutageStory, input: PanelInput): Span[] {
	const {state} = input;
	const now = state.snapshot?.at ?? story.from;
	const since = Math.max(1, Math.round(((state.endSecond ?? 0) * 1000 + 1000 - story.from) / 1000));
	const seen = recent(input, since);
	const wrong = seen?.wrongReads ?? 0;
	const workload = state.snapshot?.workload;
	const lasted = duration((story.to ?? now) - story.from);
	const verdict =
		workload && workload.calls > 0 ? [span(`${count(wrong)} wrong reads`, wrong > 0 ? 'bad' : 'good')] : [];
	const journal = state.snapshot?.cache.journal.size ?? 0;
	const isOver = story.to !== undefined && !story.isAway;
	if (!story.isSimulated)
		return isOver
			? [span(`Redis was away for ${lasted}`), ...verdict, span(printable(story.label), 'dim')]
			: [
					span(`Redis is away, ${lasted} so far`, 'bad'),
					...verdict,
					span(`${count(journal)} changes in the journal`, 'warn'),
					span(printable(story.label), 'dim'),
				];
	const reaction = span(reactionOf(story));
	if (story.to === undefined)
		return [
			span(`${printable(story.label)} for ${lasted}`, 'bad'),
			reaction,
			...verdict,
			span(`${percent(hitRatioOf(recent(input, 5)), 0)} of reads answered`),
			...(journal > 0 ? [span(`${count(journal)} changes in the journal`, 'warn')] : []),
		];
	return [
		span(`${printable(story.label)} ${lasted}`),
		reaction,
		...(story.isAway
			? [span(`healing for ${duration(now - story.to)}`, 'warn')]
			: story.backMs === undefined
				? []
				: [span(recoveryOf(story.backMs), 'good')]),
		...verdict,
		...(seen && seen.journal > 0 ? [span(`up to ${count(seen.journal)} keys in the journal`, 'dim')] : []),
	];
}

/** The latest outage in one line: what it was, how the cache reacted, what it cost. */
export function storyRow(input: PanelInput, width: number): Row {
	const {state} = input;
	if (!state.snapshot) return [];
	const story = latestOutage(state.outages, state.modes);
	if (!story) return [span('none yet: o simulates one', 'dim')];
	const row: Span[] = [];
	for (const part of partsOf(story, input)) {
		const next = row.length === 0 ? [part] : [span(', ', 'dim'), part];
		if (row.length > 0 && rowWidth(row) + rowWidth(next) > width) continue;
		row.push(...next);
	}
	return row;
}
