/* The page of a comparison, src/report/compare.html; the build stands in the project's folder. */
	.section .rodata.compare_page, "a", %progbits

	.global compare_page
compare_page:
	.incbin "src/report/compare.html"
	.byte 0

	.section .note.GNU-stack, "", %progbits
