// What a token is good for: that of a display, those that hold less than everything, and those that are none.
import './tokens/display.ts';
import './tokens/grants.ts';
