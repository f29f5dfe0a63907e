// What a sales director asks of the real data set: every answer is worked out from the files, by nothing of ours.
import './crm/sums.ts';
import './crm/spreads.ts';
