import {DrillFileError} from '../drills/file/drill-errors.js';
import {ProbeError} from '../drills/probe/probe-error.js';
import {SubjectError} from '../drills/subject/subject-error.js';
import {EngineError} from '../engine/engine-error.js';
import {InvalidArgumentError} from '../pool/errors.js';
import {UsageError} from './settings/usage-error.js';

export const exitCodes = {
	fine: 0,
	failed: 1,
	drillFailed: 1,
	usage: 2,
	unreachable: 3,
	/** Standard output cannot be written: `EX_IOERR` of sysexits.h. Differs from the code of a failed drill. */
	outputFailed: 74,
	brokenPipe: 141,
} as const;

const signalCodes: Readonly<Partial<Record<NodeJS.Signals, number>>> = {SIGHUP: 129, SIGINT: 130, SIGTERM: 143};

/** Exit code of a program that was ended by a signal: 128 plus its number. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
	return signalCodes[signal] ?? 1;
}

/** Exit code of the program after an error. */
export function exitCodeOf(error: unknown): number {
	if (error instanceof EngineError) return error.exitCode;
	const usageErrors = [UsageError, InvalidArgumentError, DrillFileError, SubjectError, ProbeError];
	if (usageErrors.some((kind) => error instanceof kind)) return exitCodes.usage;
	return exitCodes.failed;
}
