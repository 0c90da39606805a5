import type {Sample} from '../sample.js';
import type {StoreState} from '../store.js';
import {type PanelInput, windows} from './panel.js';

/** The time that every chart shows: where it ends in Unix milliseconds, and how long it is. */
export function timeOf({state, window}: PanelInput): {readonly end: number; readonly windowSeconds: number} {
	return {end: (lastSecond(state) + 1) * 1000, windowSeconds: windows[window].seconds};
}

/** The same with the samples under each column. */
export function samplesOf(
	input: PanelInput,
	columns: number,
): {readonly samples: readonly (Sample | undefined)[]; readonly end: number; readonly windowSeconds: number} {
	const time = timeOf(input);
	return {...time, samples: input.state.history.columns(lastSecond(input.state), time.windowSeconds, columns)};
}

const lastSecond = (state: StoreState) => state.endSecond ?? Math.floor((state.snapshot?.at ?? 0) / 1000) - 1;

/** Of the last `count` seconds, as one. */
export function recent({state}: PanelInput, seconds: number): Sample | undefined {
	return state.endSecond === undefined ? undefined : state.history.total(state.endSecond, seconds);
}
