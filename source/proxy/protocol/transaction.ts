import type {CommandTraits} from './command-traits.js';

/** A transaction in progress, as far as errors in place of EXEC depend on it. `undefined` outside of MULTI. */
export type Transaction =
	| {
			/** True once a command in it was answered with an error: EXEC must fail. */
			readonly isBroken: boolean;
			readonly queued: CommandTraits;
	  }
	| undefined;

/** Redis refuses LOADING commands one by one, so a transaction as a whole is never refused for it. */
export const emptyTransaction: NonNullable<Transaction> = {
	isBroken: false,
	queued: {writes: false, denyOom: false, keys: false, whileLoading: true},
};

/** The transaction after a command was forwarded in it. */
export function withQueued(transaction: NonNullable<Transaction>, traits: CommandTraits): Transaction {
	const {queued} = transaction;
	return {
		...transaction,
		queued: {
			writes: queued.writes || traits.writes,
			denyOom: queued.denyOom || traits.denyOom,
			keys: queued.keys || traits.keys,
			whileLoading: true,
		},
	};
}
