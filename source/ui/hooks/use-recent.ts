import type {Sample} from '../store/sample.js';
import {recent} from '../store/time-frame.js';
import {useEngine} from './use-screen.js';
import {hasSameFields} from './use-selector.js';

/** The figures of a server in a sample are a new object each time, and differ when they end at another time. */
const isSame = (before: Sample | undefined, after: Sample | undefined) =>
	hasSameFields(
		{...before, server: before?.server?.at, application: undefined},
		{...after, server: after?.server?.at, application: undefined},
	);

/**
 * The last `seconds`, merged; undefined when nothing was measured. The same object until a field changes, except for
 * the traffic of an application (`useTraffic`).
 */
export const useRecent = (seconds: number): Sample | undefined => useEngine((state) => recent(state, seconds), isSame);
