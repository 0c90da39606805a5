import type {Sample} from '../sample.js';
import {type PanelInput, windows} from './panel.js';

/** The samples under each column of a chart and where it ends, for all panels alike. */
export function samplesOf(
	{state, window}: PanelInput,
	columns: number,
): {readonly samples: readonly (Sample | undefined)[]; readonly end: number; readonly windowSeconds: number} {
	const windowSeconds = windows[window].seconds;
	const endSecond = state.endSecond ?? Math.floor((state.snapshot?.at ?? 0) / 1000) - 1;
	return {
		samples: state.history.columns(endSecond, windowSeconds, columns),
		end: (endSecond + 1) * 1000,
		windowSeconds,
	};
}

/** Of the last `count` seconds, as one. */
export function recent({state}: PanelInput, seconds: number): Sample | undefined {
	return state.endSecond === undefined ? undefined : state.history.total(state.endSecond, seconds);
}
