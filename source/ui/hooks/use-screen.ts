import {createContext, use} from 'react';
import type {Controller} from '../controller.js';
import type {TerminalSize} from '../state/terminal-size.js';
import type {UiState} from '../state/ui-state.js';
import type {Store, StoreState} from '../store/store.js';
import {useSelector} from './use-selector.js';

/** The sources of data that all components of a screen share. */
export type ScreenParts = {
	readonly store: Store;
	readonly controller: Controller;
	/** True to use no colors, whatever the theme. */
	readonly noColor: boolean;
};

export const ScreenContext = createContext<ScreenParts | undefined>(undefined);

export const TerminalSizeContext = createContext<TerminalSize>({columns: 80, rows: 24});

export function useScreenParts(): ScreenParts {
	const parts = use(ScreenContext);
	if (!parts) throw new Error('a component of the screen is used outside the screen');
	return parts;
}

/** Columns and rows of the terminal. */
export const useTerminalSize = (): TerminalSize => use(TerminalSizeContext);

/** Selects a part of the engine's data. */
export function useEngine<Value>(
	select: (state: StoreState) => Value,
	isEqual?: (before: Value, after: Value) => boolean,
): Value {
	return useSelector(useScreenParts().store, select, isEqual);
}

/** Selects a part of the state of the screen. */
export function useUi<Value>(
	select: (state: UiState) => Value,
	isEqual?: (before: Value, after: Value) => boolean,
): Value {
	return useSelector(useScreenParts().controller, select, isEqual);
}
