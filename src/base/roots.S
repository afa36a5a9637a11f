/* The trusted roots, as PEM text; the build says by -I where the two files are. */
	.section .rodata.roots, "a", %progbits

	.global roots_amazon, roots_amazon_end
roots_amazon:
	.incbin "roots-amazon.pem"
roots_amazon_end:

	.global roots_other, roots_other_end
roots_other:
	.incbin "roots-other.pem"
roots_other_end:

	.section .note.GNU-stack, "", %progbits
