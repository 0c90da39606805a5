import type {ComponentType} from 'react';

export type PanelProps = {readonly isFocused: boolean};

/** The text behind `i`. */
export type Explanation = {
	readonly shows: string;
	/** Where the data comes from. */
	readonly source: string;
	readonly normal: string;
};

/** A panel of the overview. */
export type PanelEntry = {
	/** The title that the explanation has, too. */
	readonly title: string;
	readonly component: ComponentType<PanelProps>;
	readonly explain: Explanation;
};
