import {isDeepStrictEqual} from 'node:util';
import type {ApplicationSnapshot, Finding, TrafficSlot} from '../../engine/protocol.js';
import {recent} from '../store/time-frame.js';
import {useEngine} from './use-screen.js';

/** True for two snapshots of one second with the same problems. */
function isAlike(before: ApplicationSnapshot | undefined, after: ApplicationSnapshot | undefined): boolean {
	if (before === undefined || after === undefined) return false;
	const isProblem = ({id, level}: Finding, index: number) =>
		before.findings[index]?.id === id && before.findings[index]?.level === level;
	return (
		Math.floor(before.seconds) === Math.floor(after.seconds) &&
		before.findings.length === after.findings.length &&
		after.findings.every(isProblem)
	);
}

/**
 * The totals of the tap. They change with each command, so the newest ones are taken once a second; and with a new finding, which
 * the sentence about the application names at once.
 */
export const useApplication = (): ApplicationSnapshot | undefined =>
	useEngine(({snapshot}) => snapshot?.application, isAlike);

/** The application's traffic of the last `seconds`, merged. The same object until a field changes. */
export const useTraffic = (seconds: number): TrafficSlot | undefined =>
	useEngine((state) => recent(state, seconds)?.application, isDeepStrictEqual);
