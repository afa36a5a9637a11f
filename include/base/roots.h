#pragma once

/*
 * Mozilla's trusted roots, built in as DER certificates one behind the other. The Amazon and
 * Starfield ones sign every AWS endpoint; the others are for other registries, and loading
 * them takes about 50 ms, so only who needs them should.
 */
extern const unsigned char roots_amazon[];
extern const unsigned char roots_amazon_end[];
extern const unsigned char roots_other[];
extern const unsigned char roots_other_end[];
