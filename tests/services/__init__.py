"""Tests on real servers, named by SOHOA_TEST_*."""
