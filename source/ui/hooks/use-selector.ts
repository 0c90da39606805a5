import {useRef, useSyncExternalStore} from 'react';

/** A value that changes over time. */
type Source<State> = {
	readonly getState: () => State;
	/** @returns a function that removes the listener. */
	readonly subscribe: (listener: () => void) => () => void;
};

/** A part of a source's state. The component renders again only when the part changes, by `isEqual`. */
export function useSelector<State, Value>(
	source: Source<State>,
	select: (state: State) => Value,
	isEqual: (before: Value, after: Value) => boolean = Object.is,
): Value {
	const last = useRef<{readonly value: Value}>(undefined);
	return useSyncExternalStore(source.subscribe, () => {
		const value = select(source.getState());
		if (last.current && isEqual(last.current.value, value)) return last.current.value;
		last.current = {value};
		return value;
	});
}

/** True when two objects, or `undefined`, have the same fields with the same values. */
export function hasSameFields<Value extends object | undefined>(before: Value, after: Value): boolean {
	if (before === after) return true;
	if (!before || !after) return false;
	const fields = new Map(Object.entries(after));
	const entries = Object.entries(before);
	return entries.length === fields.size && entries.every(([key, value]) => Object.is(value, fields.get(key)));
}
