// A data scope holds on every way to a record: lists, single reads, nested connections, counts, pages, filters, changes.
import './scope/shown.ts';
import './scope/probing.ts';
