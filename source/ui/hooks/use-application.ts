import {isDeepStrictEqual} from 'node:util';
import type {ApplicationSnapshot, TrafficSlot} from '../../engine/protocol.js';
import {recent} from '../store/time-frame.js';
import {useEngine} from './use-screen.js';

const isOfSameSecond = (before: ApplicationSnapshot | undefined, after: ApplicationSnapshot | undefined): boolean =>
	before !== undefined && after !== undefined && Math.floor(before.seconds) === Math.floor(after.seconds);

/** The totals of the tap. They change with each command, so the newest ones are taken once a second. */
export const useApplication = (): ApplicationSnapshot | undefined =>
	useEngine(({snapshot}) => snapshot?.application, isOfSameSecond);

/** The application's traffic of the last `seconds`, merged. The same object until a field changes. */
export const useTraffic = (seconds: number): TrafficSlot | undefined =>
	useEngine((state) => recent(state, seconds)?.application, isDeepStrictEqual);
