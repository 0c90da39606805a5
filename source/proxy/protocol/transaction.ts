import type {CommandTraits} from './command-traits.js';

/** The state of a transaction on which injected errors for EXEC depend. `undefined` outside of MULTI. */
export type Transaction =
	| {
			/** True once one of its commands was answered with an error: EXEC must fail. */
			readonly isBroken: boolean;
			readonly queued: CommandTraits;
	  }
	| undefined;

/** While LOADING, Redis refuses the single commands, so a transaction as a whole is never refused for that. */
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
