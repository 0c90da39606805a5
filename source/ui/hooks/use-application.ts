import type {TapSnapshot} from '../../engine/protocol.js';
import type {ApplicationSample} from '../store/application-sample.js';
import {recent} from '../store/time-frame.js';
import {useEngine} from './use-screen.js';
import {hasSameFields} from './use-selector.js';

const isOfSameSecond = (before: TapSnapshot | undefined, after: TapSnapshot | undefined): boolean =>
	before !== undefined && after !== undefined && Math.floor(before.seconds) === Math.floor(after.seconds);

/** The totals of the tap. They change with each command, so the newest ones are taken once a second. */
export const useApplication = (): TapSnapshot | undefined =>
	useEngine(({snapshot}) => snapshot?.application, isOfSameSecond);

/** The application's traffic of the last `seconds`, merged. The same object until something of it changes. */
export const useTraffic = (seconds: number): ApplicationSample | undefined =>
	useEngine((state) => recent(state, seconds)?.application, hasSameFields);
