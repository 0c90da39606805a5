import type {ComponentType} from 'react';
import type {Explanation} from '../panels/panel.js';

/** A view other than the overview, whose panels explain themselves. */
export type ViewEntry = {
	readonly component: ComponentType;
	readonly explain: Explanation;
	/** The explanation if the view shows an application behind the tap. Default: `explain`. */
	readonly explainApplication?: Explanation;
};
