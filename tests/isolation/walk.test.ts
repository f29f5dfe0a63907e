// A second organization with the same data can reach nothing of the first. The calls are made from the schema: a new
// field, argument or type is walked by itself, or fails the first tests here until the world has what leads to it.
import './walk/reading.ts';
import './walk/filling-in.ts';
import './walk/live.ts';
// The last, as it changes all that there is.
import './walk/mutations.ts';
