import {findClockLibrary} from './clock-library.js';
import {type Launch, withClock} from './launch.js';

export type ClockOption = {
	/** Adapts the launch of a server binary so that its clock can be set, if that is possible. */
	readonly wrap: (launch: Launch) => Launch;
	/** The reason why the clock cannot be set, with advice. Undefined if it can. */
	readonly clockObstacle: string | undefined;
};

/** @param setsClock True if a settable clock is requested. */
export async function clockOption(setsClock: boolean): Promise<ClockOption> {
	const wrap = (launch: Launch) => launch;
	if (!setsClock) return {wrap, clockObstacle: 'start the program with --faketime'};
	const library = await findClockLibrary();
	if (library !== undefined) return {wrap: (launch) => withClock(launch, library), clockObstacle: undefined};
	return {
		wrap,
		clockObstacle: 'install libfaketime (apt install faketime, dnf install libfaketime, brew install libfaketime)',
	};
}
