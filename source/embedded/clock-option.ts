import {findClockLibrary} from './clock-library.js';
import {type Launch, withClock} from './launch.js';

export type ClockOption = {
	/** Lets the clock of a server binary be set, if it can be. */
	readonly wrap: (launch: Launch) => Launch;
	/** Why it cannot be set, and what to do. Undefined: it can. */
	readonly clockObstacle: string | undefined;
};

/** @param setsClock True if it is asked for. */
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
