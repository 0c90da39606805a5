import {createContext, use} from 'react';
import {type Glyphs, unicode} from '../glyphs.js';
import type {Look} from '../text/paint.js';
import {themeOf} from '../theme.js';

/** The look of the whole screen: theme, ASCII or Unicode, and the characters of lines, bars and marks. */
type ScreenLook = Look & {readonly glyphs: Glyphs};

export const LookContext = createContext<ScreenLook>({theme: themeOf('default'), isAscii: false, glyphs: unicode});

export const useLook = (): ScreenLook => use(LookContext);

export const useGlyphs = (): Glyphs => use(LookContext).glyphs;
