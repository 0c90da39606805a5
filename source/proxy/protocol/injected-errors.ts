import type {FaultOf} from '../../faults/fault.js';
import {encodeReply} from '../../resp/encode.js';
import {error} from '../../resp/reply.js';
import type {CommandTraits} from './command-traits.js';

export type ErrorFault = FaultOf<'error'>;

type ErrorCode = ErrorFault['error'];

const messages: Readonly<Record<ErrorCode, string>> = {
	LOADING: 'LOADING Redis is loading the dataset in memory',
	READONLY: "READONLY You can't write against a read only replica.",
	OOM: "OOM command not allowed when used memory > 'maxmemory'.",
	CLUSTERDOWN: 'CLUSTERDOWN The cluster is down',
};

/** True if a Redis in the state of the error would refuse the command. */
const concerns: Readonly<Record<ErrorCode, (traits: CommandTraits) => boolean>> = {
	LOADING: ({whileLoading}) => !whileLoading,
	READONLY: ({writes}) => writes,
	OOM: ({denyOom}) => denyOom,
	CLUSTERDOWN: ({keys}) => keys,
};

/** Redis's answer to EXEC after a command of the transaction was refused. */
export const abortedTransaction = bytesOf('EXECABORT Transaction discarded because of previous errors.');

/**
 * Chooses the error for a command; `undefined` if the command is forwarded to Redis.
 *
 * @param random Returns a number from 0 to 1; called once for each fault with a probability that applies to the
 * command.
 */
export function chooseError(
	faults: readonly ErrorFault[],
	traits: CommandTraits,
	random: () => number,
): ErrorCode | undefined {
	return faults.find(
		({error, probability = 1}) => concerns[error](traits) && (probability >= 1 || random() < probability),
	)?.error;
}

/** The error as Redis sends it. */
export function errorReply(code: ErrorCode): Buffer {
	return bytesOf(messages[code]);
}

/** The error as an answer to EXEC. Redis sends CLUSTERDOWN plain, and any other as the reason why it aborts. */
export function refusedExec(code: ErrorCode): Buffer {
	return bytesOf(
		code === 'CLUSTERDOWN' ? messages[code] : `EXECABORT Transaction discarded because of: ${messages[code]}`,
	);
}

function bytesOf(message: string): Buffer {
	return Buffer.from(encodeReply(error(message), 2), 'latin1');
}
