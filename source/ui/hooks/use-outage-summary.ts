import {useMemo} from 'react';
import {type OutageFigures, outageSummary} from '../rows/faults/outage-summary.js';
import {journalPeakOf} from '../store/journal-peak.js';
import {latestOutage} from '../store/latest-outage.js';
import type {StoreState} from '../store/store.js';
import {hitRatioOf, recent} from '../store/time-frame.js';
import {type Row, span} from '../text/row.js';
import {useEngine} from './use-screen.js';
import {hasSameFields} from './use-selector.js';

export type OutageSummary = {
	/** True while a fault is active. */
	readonly isActive: boolean;
	/** The summary in at most `width` cells. */
	readonly row: (width: number) => Row;
};

/** The current time in the resolution of the summary, so that it changes once a second after the first second. */
function inSteps(now: number, from: number): number {
	const lasted = now - from;
	return lasted < 1000 ? now : now - (lasted % 1000);
}

/** The latest outage, with the measurements since its start; undefined if there was none. */
function outageFigures(state: StoreState): OutageFigures | undefined {
	const {snapshot, outages, modes, endSecond = 0} = state;
	const outage = latestOutage(outages, modes);
	if (!snapshot || !outage) return undefined;
	const seconds = Math.max(1, Math.round((endSecond * 1000 + 1000 - outage.from) / 1000));
	const since = recent(state, seconds);
	return {
		outage,
		// The summary of a past outage does not change.
		now: outage.to === undefined || outage.isUnresolved ? inSteps(snapshot.at, outage.to ?? outage.from) : outage.to,
		wrongReads: snapshot.workload.calls > 0 ? (since?.wrongReads ?? 0) : undefined,
		hitRatio: outage.to === undefined ? hitRatioOf(recent(state, 5)) : undefined,
		journal: snapshot.cache.journal.size,
		journalPeak: journalPeakOf(state),
	};
}

const isSame = (before: OutageFigures | undefined, after: OutageFigures | undefined) =>
	before !== undefined &&
	after !== undefined &&
	hasSameFields(before.outage, after.outage) &&
	hasSameFields({...before, outage: undefined}, {...after, outage: undefined});

/** The latest outage in words. Once it is over, the summary stays the same. */
export function useOutageSummary(): OutageSummary {
	const isStarted = useEngine(({snapshot}) => snapshot !== undefined);
	const isActive = useEngine(({snapshot}) => (snapshot?.faults.length ?? 0) > 0);
	const isProcess = useEngine(({snapshot}) => snapshot?.source === 'process');
	const figures = useEngine(outageFigures, isSame);
	return useMemo(
		() => ({
			isActive,
			row: (width) => {
				if (!isStarted) return [];
				if (figures) return outageSummary(figures, width);
				return [span(isProcess ? 'none so far' : 'none yet: press o to simulate one', 'dim')];
			},
		}),
		[isStarted, isActive, isProcess, figures],
	);
}
