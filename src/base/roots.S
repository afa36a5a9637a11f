/* The trusted roots, DER certificates one behind the other; the build says by -I where the two files are. */
	.section .rodata.roots, "a", %progbits

	.global roots_amazon, roots_amazon_end
roots_amazon:
	.incbin "roots-amazon.der"
roots_amazon_end:

	.global roots_other, roots_other_end
roots_other:
	.incbin "roots-other.der"
roots_other_end:

	.section .note.GNU-stack, "", %progbits
